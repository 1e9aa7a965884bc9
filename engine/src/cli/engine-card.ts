import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../cloud/state-folder';
import type { Executor } from '../functions/executor-settings';
import type { IamMode } from '../gateway/authorize';
import type { JwksAddresses } from '../identity/tokens/issuers';
import type { Project } from './project';

/** What a running engine leaves in its project, so that the other commands find it. */
export interface EngineCard {
  pid: number;
  port: number;
  endpoint: string;
  ephemeral: boolean;
  lambdaExecutor: Executor;
  iam: IamMode;
  /** What --jwks said. */
  jwks?: JwksAddresses;
  /** Names the code it runs. */
  build: string;
}

const file = (project: Project) => join(project.home, 'engine.json');

export function writeCard(project: Project, card: EngineCard): void {
  writeFileSync(`${file(project)}.${process.pid}`, JSON.stringify(card), { mode: 0o600 });
  renameSync(`${file(project)}.${process.pid}`, file(project));
}

export function removeCard(project: Project): void {
  rmSync(file(project), { force: true });
}

/** The engine that runs for this project; undefined if none does (the card of a killed one is forgotten). */
export function runningEngine(project: Project): EngineCard | undefined {
  let card: EngineCard;
  try {
    card = JSON.parse(readFileSync(file(project), 'utf8')) as EngineCard;
  } catch {
    return undefined;
  }
  if (isAlive(card.pid)) return card;
  removeCard(project);
  return undefined;
}
