"""The Chalice app: registers the blueprints of the API and of the event handlers.

On Lambda only the API's function loads this module; an event handler's function loads its own module of `chalicelib`.
So on Lambda only the API is registered, and its cold start loads nothing else.
"""

import os

from chalicelib.startup import gc_frozen

with gc_frozen():
    from chalice import Chalice

    from chalicelib import api

    app = Chalice(app_name="guestlist", configure_logs=False)
    # No response is binary; with the default list, Chalice matches each response's content type against it three times.
    app.api.binary_types.clear()
    app.register_blueprint(api.blueprint())

if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
    from chalicelib.events import changes, notifications, operations, stream, timers, uploads, webhooks

    for module in (uploads, timers, stream, changes, webhooks, notifications, operations):
        app.register_blueprint(module.blueprint)
