"""Live answers for any notebook frontend: they stream into one output, which becomes static at the end.

A frontend implements `frontend.Frontend`. Nothing here imports IPython except `ipython_frontend`.
"""
