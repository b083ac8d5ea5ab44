#!/usr/bin/env bash
# moto 5.2.5 (PyPI), an emulator of AWS: its instances have states, but no rules for who may go where.
#
# EC2 refuses to start a terminated instance, and to change the type of a running one (IncorrectInstanceState). moto does
# both: the dead instance runs again. So code that must refuse an action by the state of an instance, or cope with
# the refusal, cannot be tested with moto alone.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[ec2]==5.2.5' boto3==1.44.5

cat >states.py <<'PYTHON'
import os
import boto3
from moto import mock_aws

os.environ.update(AWS_ACCESS_KEY_ID='testing', AWS_SECRET_ACCESS_KEY='testing', AWS_DEFAULT_REGION='us-east-1')
with mock_aws():
    ec2 = boto3.client('ec2')
    image = ec2.describe_images()['Images'][0]['ImageId']
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType='t3.micro')['Instances'][0]['InstanceId']

    def show(what):
        instance = ec2.describe_instances(InstanceIds=[made])['Reservations'][0]['Instances'][0]
        print('%s: %s %s' % (what, instance['State']['Name'], instance['InstanceType']))

    show('made')
    ec2.modify_instance_attribute(InstanceId=made, InstanceType={'Value': 't3.large'})
    show('changed while running')
    ec2.terminate_instances(InstanceIds=[made])
    show('terminated')
    ec2.start_instances(InstanceIds=[made])
    show('started')
PYTHON
seen="$(venv/bin/python -W ignore states.py)"
echo "$seen"
expected="made: running t3.micro
changed while running: running t3.large
terminated: terminated t3.large
started: running t3.large"
[ "$seen" = "$expected" ] || { echo "moto behaves otherwise now; expected:"; echo "$expected"; exit 1; }
