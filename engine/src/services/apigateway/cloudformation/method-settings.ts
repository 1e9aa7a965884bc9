import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { pointer, remove, replace } from './values';

/** How a stage treats its methods. */
export interface Settings {
  CacheDataEncrypted?: boolean;
  CacheTtlInSeconds?: number;
  CachingEnabled?: boolean;
  DataTraceEnabled?: boolean;
  LoggingLevel?: string;
  MetricsEnabled?: boolean;
  ThrottlingBurstLimit?: number;
  ThrottlingRateLimit?: number;
}

/** Of one method, or of all. */
export interface MethodSetting extends Settings {
  ResourcePath?: string;
  HttpMethod?: string;
}

const PATHS: Readonly<Record<keyof Settings, string>> = {
  CacheDataEncrypted: 'caching/dataEncrypted',
  CacheTtlInSeconds: 'caching/ttlInSeconds',
  CachingEnabled: 'caching/enabled',
  DataTraceEnabled: 'logging/dataTrace',
  LoggingLevel: 'logging/loglevel',
  MetricsEnabled: 'metrics/enabled',
  ThrottlingBurstLimit: 'throttling/burstLimit',
  ThrottlingRateLimit: 'throttling/rateLimit',
};

/** As the `properties` of resources have them. */
export const SETTINGS = {
  CacheDataEncrypted: true,
  CacheTtlInSeconds: true,
  CachingEnabled: true,
  DataTraceEnabled: true,
  LoggingLevel: true,
  MetricsEnabled: true,
  ThrottlingBurstLimit: true,
  ThrottlingRateLimit: true,
} as const;

export const METHOD_SETTINGS = { ResourcePath: true, HttpMethod: true, ...SETTINGS } as const;

export function settingPatches(settings: readonly MethodSetting[] | undefined): PatchOperation[] {
  return (settings ?? []).flatMap((setting) => {
    const at = placeOf(setting);
    return (Object.keys(PATHS) as (keyof Settings)[]).flatMap((name) => {
      const value = setting[name];
      return value === undefined ? [] : [replace(`${at}/${PATHS[name]}`, String(value))];
    });
  });
}

/** Methods that have other settings now, or none any more, begin anew. `there` are the keys of those the stage has. */
export function settingChanges(
  there: readonly string[],
  before: readonly MethodSetting[] | undefined,
  after: readonly MethodSetting[] | undefined,
): PatchOperation[] {
  const wanted = new Map((after ?? []).map((setting) => [placeOf(setting), JSON.stringify(setting)]));
  const told = new Map((before ?? []).map((setting) => [placeOf(setting), JSON.stringify(setting)]));
  const changed = [...told].flatMap(([place, setting]) => (wanted.get(place) === setting ? [] : [place]));
  const gone = changed.filter((place) =>
    there.includes(place.replaceAll('~1', '/').replace(/^\/+/, '/').slice(1)),
  );
  return [...gone.map(remove), ...settingPatches(after)];
}

const placeOf = ({ HttpMethod = '*', ResourcePath }: MethodSetting): string =>
  `/${resourceOf(ResourcePath)}/${HttpMethod}`;

/**
 * Templates have a path's slashes as ~1 already, behind one that is none: /~1shows~1{id}.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html#cfn-apigateway-stage-methodsetting-resourcepath
 */
function resourceOf(path = '*'): string {
  if (path === '/*') return '*';
  return path.startsWith('/~1') ? path.slice(1) : pointer(path);
}
