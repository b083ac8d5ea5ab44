#!/usr/bin/env bash
# moto 5.2.5 (PyPI), an emulator of AWS: RunInstances and CreateVolume take a ClientToken and do not look at it.
#
# EC2 makes one instance for any number of calls with the same token and parameters, and answers each with it. moto makes
# another each time. So a test that repeats a lost call against moto finds two instances where there is no fault, and a
# test that never repeats one proves nothing about the token.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[ec2]==5.2.5' boto3==1.44.5

cat >twice.py <<'PYTHON'
import os
import boto3
from moto import mock_aws

os.environ.update(AWS_ACCESS_KEY_ID='testing', AWS_SECRET_ACCESS_KEY='testing', AWS_DEFAULT_REGION='us-east-1')
with mock_aws():
    ec2 = boto3.client('ec2')
    image = ec2.describe_images()['Images'][0]['ImageId']
    for _ in range(2):
        ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, ClientToken='one-machine')
        ec2.create_volume(AvailabilityZone='us-east-1a', Size=1, ClientToken='one-volume')
    instances = [one for each in ec2.describe_instances()['Reservations'] for one in each['Instances']]
    print('instances:', len(instances), 'with the token:', sum(one.get('ClientToken') == 'one-machine' for one in instances))
    unattached = [volume for volume in ec2.describe_volumes()['Volumes'] if not volume['Attachments']]
    print('volumes:', len(unattached))
PYTHON
seen="$(venv/bin/python -W ignore twice.py)"
echo "$seen"
expected="instances: 2 with the token: 2
volumes: 2"
[ "$seen" = "$expected" ] || { echo "moto behaves otherwise now; expected:"; echo "$expected"; exit 1; }
