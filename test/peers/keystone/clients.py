"""Logs in with keystoneauth1, in every way that both sides have, and prints what a program of OpenStack sees, as JSON.

Arguments: the URL of the service, the bearer token of a federated user, and whether version 2.0 is there too.
"""

import json
import sys

from keystoneauth1 import discover, exceptions, session
from keystoneauth1.identity import generic, v2, v3

URL, BEARER, HAS_V2 = sys.argv[1], sys.argv[2], sys.argv[3] == "v2"
USER = {"username": "alice", "password": "alice-secret"}
DOMAINS = {"user_domain_name": "Default", "project_domain_name": "Default"}


def seen(auth):
    """What a service of OpenStack and its clients read of a login."""
    one = session.Session(auth=auth)
    token = one.get_token()
    access = auth.get_access(one)
    projects = one.get(f"{URL}/v3/auth/projects", authenticated=True).json()["projects"]
    return {
        "hasToken": bool(token),
        "isExpired": access.will_expire_soon(),
        "user": access.username.split(":")[-1],
        "project": access.project_name,
        "roles": sorted(access.role_names),
        "isScoped": access.scoped,
        "hasIdentity": access.has_service_catalog()
        and access.service_catalog.url_for(service_type="identity", interface="public") == f"{URL}/v3",
        "projects": sorted(project["name"] for project in projects),
    }


def refused(auth):
    try:
        session.Session(auth=auth).get_token()
    except exceptions.ClientException as error:
        return type(error).__name__
    return None


def flows():
    scoped = {"project_name": "physics", **DOMAINS}
    yield "password", lambda: seen(v3.Password(f"{URL}/v3", **USER, **scoped))
    yield "password, unscoped", lambda: seen(v3.Password(f"{URL}/v3", **USER, user_domain_id="default", unscoped=True))
    yield "password, default project", lambda: seen(v3.Password(f"{URL}/v3", **USER, user_domain_id="default"))
    yield "discovery at the root", lambda: seen(generic.Password(URL, **USER, **scoped))
    yield "discovery at the version", lambda: seen(generic.Password(f"{URL}/v3", **USER, **scoped))

    def exchanged(kind, **more):
        first = session.Session(auth=v3.Password(f"{URL}/v3", **USER, user_domain_id="default", unscoped=True))
        return kind(token=first.get_token(), **more)

    yield "token", lambda: seen(exchanged(lambda **all: v3.Token(f"{URL}/v3", **all), project_name="physics", project_domain_id="default"))
    yield "token, discovered", lambda: seen(exchanged(lambda **all: generic.Token(URL, **all), project_name="physics", project_domain_id="default"))
    federated = {"identity_provider": "egi.eu", "protocol": "openid", "access_token": BEARER}
    yield "bearer token", lambda: seen(v3.OidcAccessToken(auth_url=f"{URL}/v3", **federated))
    yield "bearer token, project", lambda: seen(
        v3.OidcAccessToken(auth_url=f"{URL}/v3", project_name="physics", project_domain_id="default", **federated)
    )
    yield "wrong password", lambda: refused(v3.Password(f"{URL}/v3", username="alice", password="no", **scoped))
    yield "unknown project", lambda: refused(v3.Password(f"{URL}/v3", **USER, project_name="none", **DOMAINS))
    yield "versions", lambda: sorted(
        one["version"][0] for one in discover.Discover(session.Session(), URL, authenticated=False).version_data()
    )
    if HAS_V2:
        yield "version 2, password", lambda: v2_seen(v2.Password(f"{URL}/v2.0", tenant_name="physics", **USER))
        yield "version 2, no tenant", lambda: v2_seen(v2.Password(f"{URL}/v2.0", **USER))


def v2_seen(auth):
    one = session.Session(auth=auth)
    access = auth.get_access(one)
    return {"hasToken": bool(one.get_token()), "project": access.project_name, "roles": sorted(access.role_names)}


def outcome(flow):
    try:
        return flow()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(json.dumps({name: outcome(flow) for name, flow in flows()}))
