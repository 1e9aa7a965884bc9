import type { Call, Host, ServiceStores } from '../../kernel';
import { nextWindow } from './schedule';
import { type Secret, stateOf } from './store';

type Place = Pick<Call, 'account' | 'region' | 'store'> & { host: Host };

/** What waits for its window, by place and secret. */
const timersOf = (host: Host) => host.memo('secretsmanager:rotations', () => new Map<string, () => void>());

/** Waits for the secret's next window, if it has one; whatever was waited for before is forgotten. */
export function awaitRotation(call: Call, { name }: Pick<Secret, 'name'>): void {
  const { account, region, store } = call;
  wait({ host: call, account, region, store }, name);
}

function wait(place: Place, name: string): void {
  const { clock } = place.host;
  const timers = timersOf(place.host);
  const key = [place.account, place.region, name].join('/');
  timers.get(key)?.();
  timers.delete(key);
  const start = startOf(place, name);
  if (start === undefined) return;
  const cancel = clock.after(Math.max(0, start - clock.millis()), () => {
    timers.delete(key);
    const now = startOf(place, name);
    // A value that was put by hand meanwhile is as good as a rotation.
    if (now === undefined || now > clock.millis()) wait(place, name);
    else void rotate(place, name);
  });
  timers.set(key, cancel);
}

function startOf(place: Place, name: string): number | undefined {
  const secret = stateOf(place).secrets.get(name);
  return secret && !secret.deleted ? nextWindow(place, secret, true)?.start : undefined;
}

async function rotate({ host, account, region }: Place, SecretId: string): Promise<void> {
  const as = host.parts.identity.servicePrincipal('secretsmanager.amazonaws.com', account);
  const input = { SecretId, ClientRequestToken: host.ids.uuid() };
  try {
    await host.invoke('secretsmanager', 'RotateSecret', input, { as, account, region });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `rotation of ${SecretId}: ${why}`;
    host.parts.events.emit({ type: 'engine', at: host.clock.millis(), level: 'warn', message });
  }
}

/** Goes on waiting where the engine before this one did. */
export function resumeRotations(host: Host, stores: ServiceStores): void {
  for (const { account, region } of stores.scopes()) {
    const store = stores.of(account, region);
    const place = { host, account, region, store };
    for (const { name } of [...stateOf(place).secrets.values()]) wait(place, name);
  }
}

/** The engine stops. */
export function forgetRotations(host: Host): void {
  const timers = timersOf(host);
  for (const cancel of timers.values()) cancel();
  timers.clear();
}
