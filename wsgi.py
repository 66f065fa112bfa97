"""Builds the app once: `wsgi:app` for the web."""

import gc

from portal import create_app, processors

app = create_app()
if app.config["PRODUCTION"]:
    processors.stay_on_one(app.config["DATA_DIR"], app.config["WEB_WORKERS"])
    # Before the first visitor comes, not while they wait.
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
# What is here now stays as long as the process: the collector need not look at it again and again.
gc.collect()
gc.freeze()
