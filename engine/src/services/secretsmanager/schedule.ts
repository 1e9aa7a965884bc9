import { type Call, notImplemented } from '../../kernel';
import { invalidParameter, type RotationRules, type Secret } from './store';

const DAY = 86_400_000;

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html */
export function checkRules(rules: RotationRules | undefined): RotationRules {
  if (!rules) return {};
  if (rules.AutomaticallyAfterDays !== undefined && rules.ScheduleExpression !== undefined) {
    throw invalidParameter('You can specify only one of AutomaticallyAfterDays and ScheduleExpression.');
  }
  const expression = rules.ScheduleExpression;
  if (expression?.startsWith('cron('))
    throw notImplemented('Secrets Manager rotation schedules of the form cron(…)');
  if (expression !== undefined && !/^rate\(\d+ (hours?|days?)\)$/.test(expression)) {
    throw invalidParameter(`Invalid ScheduleExpression: ${expression}`);
  }
  return { ...rules };
}

function period(rules: RotationRules): number | undefined {
  if (rules.AutomaticallyAfterDays !== undefined) return rules.AutomaticallyAfterDays * DAY;
  const rate = /^rate\((\d+) (hour|day)/.exec(rules.ScheduleExpression ?? '');
  if (!rate) return undefined;
  return Number(rate[1]) * (rate[2] === 'hour' ? 3_600_000 : DAY);
}

export function nextRotation(_call: Call, secret: Secret): Date | undefined {
  if (!secret.rotation?.enabled) return undefined;
  const every = period(secret.rotation.rules);
  if (every === undefined) return undefined;
  return new Date((secret.rotation.last ?? secret.created).getTime() + every);
}
