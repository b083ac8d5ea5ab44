"""moto on a free port of 127.0.0.1, which it prints; it ends when its standard input does, so that it outlives nobody."""

import logging
import os
import sys
import threading

from moto.ec2.models.core import TaggedEC2Resource
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

logging.getLogger("werkzeug").setLevel(logging.ERROR)


def tags_of(resource):
    """As moto's own, which looks through the tags of everything for those of one: too slow for a thousand instances."""
    tags = resource.ec2_backend.tags.get(resource.id) or {}
    return [{"resource_id": resource.id, "key": key, "value": value} for key, value in tags.items()]


IN_TURN = threading.Lock()


def in_turn(application):
    """DynamoDB compares and writes in one step; moto in two, and two threads of it may both find what they compare with."""

    def serve(environ, start_response):
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB"):
            return application(environ, start_response)
        with IN_TURN:
            return list(application(environ, start_response))

    return serve


def wait_for_the_end() -> None:
    sys.stdin.read()
    os._exit(0)


TaggedEC2Resource.get_tags = tags_of
server = make_server("127.0.0.1", 0, in_turn(DomainDispatcherApplication(create_backend_app)), threaded=True)
os.environ["MOTO_PORT"] = str(server.port)
threading.Thread(target=wait_for_the_end, daemon=True).start()
print(server.port, flush=True)
server.serve_forever()
