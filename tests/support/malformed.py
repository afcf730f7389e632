"""Invalid arguments of a call, for a function with the parameter `city: str`."""

MALFORMED = [
    '{"city": "Ly',
    "{'city': 'Lyon'}",
    '["Lyon"]',
    '"Lyon"',
    "null",
    '{"city": "Lyon", "city": "Rome"}',
    '{"city": NaN}',
    '{"city": "Lyon", "more": 1}',
    '{"town": "Lyon"}',
    '{"city": 3}',
    '{"city": null}',
    '{"city": ' + "[" * 40 + "]" * 40 + "}",
]
#: Names that were never offered, among them what a careless client would look up.
UNREGISTERED = ["exec", "os.system", "__import__", "population.function", "Population"]
