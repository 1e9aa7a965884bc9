import type { DeployedStack } from './stack';
import type { StandIn } from './stand-ins';
import {
  eachVariable,
  isObject,
  type Reference,
  referenceOf,
  substitutionOf,
  type Template,
} from './template';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Attributes that follow from a physical id. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, (id: string) => string>>>> = {
  'AWS::Lambda::Function': { Arn: (id) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${id}` },
  'AWS::S3::Bucket': {
    Arn: (id) => `arn:aws:s3:::${id}`,
    DomainName: (id) => `${id}.s3.amazonaws.com`,
    RegionalDomainName: (id) => `${id}.s3.${REGION}.amazonaws.com`,
  },
  'AWS::DynamoDB::Table': { Arn: (id) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${id}` },
  'AWS::IAM::Role': { Arn: (id) => `arn:aws:iam::${ACCOUNT}:role/${id}` },
  'AWS::SQS::Queue': { Arn: (id) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${id.split('/').at(-1)}` },
};

/** Gives the properties of resources that were taken out the values they would have had. */
export class Values {
  constructor(
    /** As synthesised. */
    private readonly template: Template,
    private readonly removed: Template['Resources'],
    private readonly stack: DeployedStack,
    private readonly standIn: StandIn,
  ) {}

  of(value: unknown): unknown {
    const reference = referenceOf(value);
    if (reference) return this.#reference(reference);
    const substitution = substitutionOf(value);
    if (substitution) {
      const { text, variables } = substitution;
      return eachVariable(text, (name, one) =>
        String(Object.hasOwn(variables, name) ? this.of(variables[name]) : this.#reference(one)),
      );
    }
    if (Array.isArray(value)) return value.map((item) => this.of(item));
    if (!isObject(value)) return value;
    const [name = '', ...others] = Object.keys(value);
    if (others.length === 0 && name.startsWith('Fn::')) return this.#function(name, value[name]);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.of(item)]));
  }

  #function(name: string, argument: unknown): unknown {
    const [first, second] = Array.isArray(argument) ? argument.map((item) => this.of(item)) : [];
    switch (name) {
      case 'Fn::Join':
        return (Array.isArray(second) ? second : []).map(String).join(String(first));
      case 'Fn::Split':
        return String(second).split(String(first));
      case 'Fn::Select':
        return (Array.isArray(second) ? second : [])[Number(first)];
      default:
        throw new Error(`${name} is not understood in a resource that LocalStack does not have`);
    }
  }

  #reference(reference: Reference): unknown {
    const { logicalId, attribute } = reference;
    if (logicalId === 'AWS::StackName') return this.stack.name;
    if (logicalId === 'AWS::StackId') return this.stack.id;
    if (Object.hasOwn(PSEUDO, logicalId)) return PSEUDO[logicalId];
    const gone = this.removed[logicalId];
    if (gone) return this.of(this.standIn(reference, gone));
    const physicalId = this.stack.resources.get(logicalId);
    if (physicalId === undefined) throw new Error(`${logicalId} was not deployed`);
    if (attribute === undefined) return physicalId;
    const type = this.template.Resources[logicalId]?.Type ?? '';
    const known = ATTRIBUTES[type]?.[attribute];
    if (!known) throw new Error(`${attribute} of ${logicalId} (${type}) cannot be told after a deployment`);
    return known(physicalId);
  }
}
