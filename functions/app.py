"""The Chalice app: every way in, put together from blueprints.

Lambda loads this module for the API alone: a function that an event wakes loads its own module of
`chalicelib`. So inside Lambda nothing but the API is registered, and a cold start pays for no more.
"""

import os

from chalicelib.startup import gc_frozen

with gc_frozen():
    from chalice import Chalice

    from chalicelib import api

    app = Chalice(app_name="guestlist", configure_logs=False)
    # Nothing that is answered is binary; each answer would be compared with all kinds of pictures, three times.
    app.api.binary_types.clear()
    app.register_blueprint(api.blueprint())

if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
    from chalicelib.events import changes, notifications, operations, stream, timers, uploads, webhooks

    for module in (uploads, timers, stream, changes, webhooks, notifications, operations):
        app.register_blueprint(module.blueprint)
