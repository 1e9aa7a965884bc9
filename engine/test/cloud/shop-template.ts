const ref = (Ref: string) => ({ Ref });
const att = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
const sub = (text: string) => ({ 'Fn::Sub': text });
const allow = (rest: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...rest }] });

/** Puts a ticket in the table, and answers only then. */
const SELL = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient();
exports.handler = async (event) => {
  const id = { S: event.queryStringParameters.id };
  await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { id } }));
  return { statusCode: 201, body: event.queryStringParameters.id };
};`;

const trust = allow({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } });

/** A whole system in small: a site, an API, a function, and the four places where data lies. */
export const shop = {
  Resources: {
    Tickets: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'tickets',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trust,
        Policies: [
          {
            PolicyName: 'sell',
            PolicyDocument: allow({ Action: 'dynamodb:PutItem', Resource: att('Tickets', 'Arn') }),
          },
        ],
      },
    },
    Sell: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: SELL },
        Handler: 'index.handler',
        Role: att('Role', 'Arn'),
        Runtime: 'nodejs22.x',
        Environment: { Variables: { TABLE: ref('Tickets') } },
      },
    },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'shop' } },
    Post: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: ref('Api'),
        ResourceId: att('Api', 'RootResourceId'),
        HttpMethod: 'POST',
        AuthorizationType: 'NONE',
        Integration: {
          Type: 'AWS_PROXY',
          IntegrationHttpMethod: 'POST',
          Uri: sub(
            'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Sell.Arn}/invocations',
          ),
        },
      },
    },
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      DependsOn: 'Post',
      Properties: { RestApiId: ref('Api') },
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: ref('Api'), DeploymentId: ref('Deployment'), StageName: 'live' },
    },
    MayCall: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref('Sell'),
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sub('arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*'),
      },
    },
    Site: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shop-site' } },
    Control: {
      Type: 'AWS::CloudFront::OriginAccessControl',
      Properties: {
        OriginAccessControlConfig: {
          Name: 'shop',
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      },
    },
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          DefaultRootObject: 'index.html',
          DefaultCacheBehavior: {
            TargetOriginId: 'site',
            ViewerProtocolPolicy: 'allow-all',
            CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          },
          Origins: [
            {
              Id: 'site',
              DomainName: att('Site', 'RegionalDomainName'),
              OriginAccessControlId: att('Control', 'Id'),
              S3OriginConfig: { OriginAccessIdentity: '' },
            },
          ],
        },
      },
    },
    MayRead: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: ref('Site'),
        PolicyDocument: allow({
          Action: 's3:GetObject',
          Principal: { Service: 'cloudfront.amazonaws.com' },
          Resource: sub('${Site.Arn}/*'),
          Condition: {
            StringEquals: {
              'AWS:SourceArn': sub('arn:aws:cloudfront::${AWS::AccountId}:distribution/${Distribution}'),
            },
          },
        }),
      },
    },
    Secret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { Name: 'shop/token', SecretString: 'not-told' },
    },
    Shows: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        DBInstanceIdentifier: 'shows',
        DBInstanceClass: 'db.t4g.micro',
        Engine: 'postgres',
        AllocatedStorage: '20',
        DBName: 'shop',
        MasterUsername: 'owner',
        MasterUserPassword: 'correct-horse',
      },
    },
    Cache: {
      Type: 'AWS::ElastiCache::ReplicationGroup',
      Properties: {
        ReplicationGroupId: 'counts',
        ReplicationGroupDescription: 'counts',
        Engine: 'valkey',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheClusters: 1,
        AutomaticFailoverEnabled: false,
      },
    },
  },
};

/** Its function is asked and never answers: the stack stays in progress. */
export const unfinished = {
  Resources: {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } },
    Silent: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: att('Role', 'Arn'),
        Code: { ZipFile: 'exports.handler = async () => {};' },
      },
    },
    Waits: { Type: 'Custom::Waits', Properties: { ServiceToken: att('Silent', 'Arn') } },
  },
};
