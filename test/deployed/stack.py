"""
What `npm run deploy` and an operator ask of CloudFormation, of the AWS at an endpoint: `stack.py ENDPOINT COMMAND`, with the
arguments as JSON on standard input and the result as JSON on standard output. A stack that fails is an error with its events.
"""

import json
import sys
import time

import botocore.session

PATIENCE_S = 60
POLL_S = 0.2
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]

endpoint, command = sys.argv[1:]
session = botocore.session.get_session()
session.set_credentials("test", "test")


def client(service: str):
    return session.create_client(service, region_name="us-east-1", endpoint_url=endpoint)


cloudformation = client("cloudformation")


def settled(name: str, wanted: str) -> dict:
    end = time.monotonic() + PATIENCE_S
    while True:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        if time.monotonic() > end:
            sys.exit(f"{name} is still {stack['StackStatus']} after {PATIENCE_S} s")
        time.sleep(POLL_S)
    if stack["StackStatus"] != wanted:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"
            for event in events
            if event["ResourceStatus"].endswith("_FAILED")
        ]
        sys.exit(f"{name} is {stack['StackStatus']}: " + "; ".join(failed))
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def create(name: str, template: dict) -> dict:
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template), Capabilities=CAPABILITIES)
    return settled(name, "CREATE_COMPLETE")


def update(name: str, bucket: str, template: dict, archive: str, keys: list[str], new: bool) -> dict:
    """
    As the packager does, also for a stack that is new, in a bucket that was there: archive and template go to the bucket, since a template in the
    call has at most 51,200 bytes.
    """
    s3 = client("s3")
    with open(archive, "rb") as file:
        content = file.read()
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    s3.put_object(Bucket=bucket, Key="template.json", Body=json.dumps(template).encode())
    url = f"https://s3.amazonaws.com/{bucket}/template.json"
    send, wanted = (
        (cloudformation.create_stack, "CREATE_COMPLETE") if new else (cloudformation.update_stack, "UPDATE_COMPLETE")
    )
    send(StackName=name, TemplateURL=url, Capabilities=CAPABILITIES)
    return settled(name, wanted)


def remove(name: str, bucket: str) -> list[str]:
    """Empties the bucket first, as the packager does. Returns the tables that are left."""
    s3 = client("s3")
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=item["Key"])
    cloudformation.delete_stack(StackName=name)
    end = time.monotonic() + PATIENCE_S
    while any(
        stack["StackName"] == name and stack["StackStatus"] != "DELETE_COMPLETE"
        for stack in cloudformation.describe_stacks()["Stacks"]
    ):
        if time.monotonic() > end:
            sys.exit(f"{name} is still there after {PATIENCE_S} s")
        time.sleep(POLL_S)
    return client("dynamodb").list_tables()["TableNames"]


def call(service: str, operation: str, parameters: dict) -> dict:
    """Any other call of AWS, by its name in botocore."""
    answer = getattr(client(service), operation)(**parameters)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


COMMANDS = {"create": create, "update": update, "remove": remove, "call": call}
print(json.dumps(COMMANDS[command](**json.load(sys.stdin)), default=str))
