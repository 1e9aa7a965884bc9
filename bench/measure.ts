import { bare } from './engines/bare';
import type { EngineKind, RunningEngine } from './engines/engine';
import { FIGURES, type FigureName, Samples } from './figures';
import { memoryOf } from './memory';
import { cachedRequests, pageRate } from './steps/cache';
import { coldStarts, timeRequest } from './steps/cold-start';
import { bootstrap, type Deployment, deploy } from './steps/deploy';
import { addedByGateway } from './steps/gateway';
import { limitedRequests } from './steps/limits';
import { type Amount, apiRequests, getItems, putItem } from './steps/requests';

export interface Plan {
  engines: readonly EngineKind[];
  rounds: number;
  /** Further starts a round, which cost little. */
  starts: number;
  coldStarts: number;
  amount: Amount;
  /** Only what no engine has to be started for. */
  insideOnly?: boolean;
  /** Told what is being done. */
  say(text: string): void;
}

export interface Measured {
  name: string;
  samples: Samples;
  resources?: number;
}

/** All rounds. Engines take turns within each, so that a slow minute of the machine meets them alike. */
export async function measure(plan: Plan): Promise<Measured[]> {
  const all: Measured[] = plan.engines.map(({ name }) => ({ name, samples: new Samples() }));
  const limit: Measured = { name: bare.name, samples: new Samples() };
  const unfit = new Set<EngineKind>();
  for (const [at, kind] of plan.engines.entries()) {
    plan.say(`prepare ${kind.name}`);
    const why = await kind.prepare();
    if (why === undefined) continue;
    unfit.add(kind);
    for (const name of Object.keys(FIGURES) as FigureName[]) all[at]!.samples.missing.set(name, why);
  }
  for (let round = 1; round <= plan.rounds; round++) {
    plan.say(`round ${round} of ${plan.rounds}: ${bare.name}`);
    await measureBare(limit, plan);
    for (const [at, kind] of plan.engines.entries()) {
      if (unfit.has(kind)) continue;
      plan.say(`round ${round} of ${plan.rounds}: ${kind.name}`);
      await measureEngine(kind, all[at]!, plan);
    }
  }
  return [...all, limit];
}

async function measureBare({ samples }: Measured, plan: Plan): Promise<void> {
  await inside(bare, samples, plan);
  if (plan.insideOnly) return;
  const server = await bare.start();
  try {
    await apiRequests(samples, `${server.endpoint}/items/1`, plan.amount);
    await pageRate(samples, `${server.endpoint}/items/1`, plan.amount);
    await getItems(samples, server.endpoint, 'any', plan.amount);
  } finally {
    await server.stop();
  }
}

async function measureEngine(kind: EngineKind, measured: Measured, plan: Plan): Promise<void> {
  const { samples } = measured;
  await inside(kind, samples, plan);
  if (plan.insideOnly) return;
  await samples.attempt(['start', 'startMemory'], async () => {
    for (let i = 0; i < plan.starts; i++) {
      const engine = await kind.start();
      samples.add('start', engine.startMillis);
      samples.add('startMemory', memoryOf(engine.pid));
      await engine.stop();
    }
  });
  const engine = await samples.attempt(Object.keys(FIGURES) as FigureName[], () => kind.start());
  if (!engine) return;
  try {
    await useEngine(engine, measured, plan);
    samples.add('usedMemory', memoryOf(engine.pid));
  } finally {
    await engine.stop();
  }
}

async function useEngine(engine: RunningEngine, measured: Measured, plan: Plan): Promise<void> {
  const { samples } = measured;
  const { endpoint } = engine;
  const deployed = await samples.attempt(DEPLOYED, async (): Promise<Deployment> => {
    await bootstrap(endpoint);
    return deploy(endpoint);
  });
  if (!deployed) return;
  measured.resources = deployed.resources;
  samples.add('deployWall', deployed.wallMillis);
  samples.add('deployStack', deployed.stackMillis);
  await putItem(endpoint, deployed.table);
  await samples.attempt(['coldFirst'], async () =>
    samples.add('coldFirst', await timeRequest(deployed.apiUrl)),
  );
  await samples.attempt(['coldUpdated'], async () =>
    samples.add('coldUpdated', ...(await coldStarts(endpoint, deployed, plan.coldStarts))),
  );
  await apiRequests(samples, deployed.apiUrl, plan.amount);
  await addedByGateway(samples, endpoint, deployed, plan.amount);
  await cachedRequests(samples, endpoint, deployed, plan.amount);
  await limitedRequests(samples, endpoint, deployed, plan.amount.seconds);
  await getItems(samples, endpoint, deployed.table, plan.amount);
}

const inside = (kind: EngineKind, samples: Samples, { amount }: Plan): Promise<void> =>
  samples.attempt(INSIDE, async () => kind.inside?.(samples, amount.requests));

/** What no engine has to be started for. */
const INSIDE: readonly FigureName[] = ['decision', 'signature'];

/** What cannot be measured where the stack cannot be deployed. */
const DEPLOYED = (Object.keys(FIGURES) as FigureName[]).filter(
  (name) => !['start', 'startMemory', 'usedMemory', ...INSIDE].includes(name),
);
