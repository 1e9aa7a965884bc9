"""trim-awscli.py FOLDER: leaves of the AWS CLI and boto3 what LocalStack's users call, and compresses their models."""

import gzip
import shutil
import sys
from pathlib import Path

# The engine's services, and those that LocalStack has too: a call to them shall be refused by the engine, by name.
SERVICES = set(
    """
    acm apigateway apigatewayv2 cloudformation cloudfront cloudwatch cognito-identity cognito-idp config dynamodb
    dynamodbstreams ec2 ecr ecs elasticache es events firehose iam kinesis kms lambda logs opensearch rds rds-data
    resource-groups resourcegroupstaggingapi route53 route53resolver s3 s3control scheduler secretsmanager ses sesv2
    sns sqs ssm stepfunctions sts support transcribe wafv2
    """.split()
)
# The CLI renames these at its start, and fails if they are not there.
SERVICES.update(("codedeploy", "sagemaker-runtime", "sdb", "sms-voice"))

root = Path(sys.argv[1])
for folder in ("awscli/examples", "awscli/topics", "pip", "setuptools", "pkg_resources"):
    shutil.rmtree(root / folder, ignore_errors=True)
for data in (*root.glob("*/data"), *root.glob("*/*/data")):
    for service in data.iterdir():
        if service.is_dir() and service.name not in SERVICES and any(service.rglob("service-2.json*")):
            shutil.rmtree(service)
    for model in data.rglob("*.json"):
        if model.name in ("service-2.json", "endpoint-rule-set-1.json", "paginators-1.json", "waiters-2.json"):
            with open(f"{model}.gz", "wb") as target, gzip.GzipFile("", "wb", 9, target, 0) as packed:
                packed.write(model.read_bytes())
            model.unlink()
