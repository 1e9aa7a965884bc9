import type { Urls } from '../cloud/urls';
import type { EngineCard } from './engine-card';
import { type Project, stateOption } from './project';

export type { Urls };

/** Asks a running engine where what is deployed answers. */
export async function fetchUrls(engine: EngineCard): Promise<Urls> {
  const response = await fetch(`${engine.endpoint}/_tierkit/urls`);
  return (await response.json()) as Urls;
}

/** A cluster's names lead to few servers: the shortest name of each stands for it. */
function oneEach(databases: Urls['databases']): Urls['databases'] {
  const shortest = new Map<string, Urls['databases'][number]>();
  for (const database of databases) {
    const server = `${database.host}:${database.port}`;
    const known = shortest.get(server);
    if (!known || database.id.length < known.id.length) shortest.set(server, database);
  }
  return [...shortest.values()];
}

/** The addresses for a person, a line each, with commands that find this project's engine. */
export function formatUrls({ endpoint, sites, apis, databases, warnings }: Urls, project: Project): string {
  const state = stateOption(project);
  const lines = [
    ...sites.map(({ url, comment }) => ['Site', url, comment]),
    ...apis.map(({ url, name, stage }) => ['API', url, `${name}, stage ${stage}`]),
    ...oneEach(databases).map(({ engine, host, port, id }) =>
      engine === 'postgres'
        ? ['Postgres', `${host}:${port}`, `${id}; psql "$(npx tierkit connect ${id}${state})"`]
        : ['Valkey', `${host}:${port}`, `${id}; redis-cli -p ${port}`],
    ),
    ['AWS', endpoint, `eval "$(npx tierkit env${state})" turns cdk, aws and the SDKs to it`],
    ['Logs', `npx tierkit logs -f${state}`, ''],
  ];
  const width = Math.max(...lines.map(([, address = '']) => address.length));
  return [
    ...lines.map(([kind = '', address = '', note = '']) =>
      `  ${kind.padEnd(9)} ${address.padEnd(width)}  ${note}`.trimEnd(),
    ),
    ...warnings.map((warning) => `  ${'Warning'.padEnd(9)} ${warning}`),
  ].join('\n');
}
