"""State of a playground: parameters, thread, media, history. Independent of widgets."""
