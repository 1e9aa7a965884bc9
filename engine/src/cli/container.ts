import { StateFolderError } from '../cloud';
import { isErrno } from '../cloud/state-folder';
import { readSettings, runContainer, SettingError } from '../container';
import { CliError } from './errors';
import { formatEvent } from './logs';
import { portOwner } from './port-owner';

/** What the image runs: the engine in LocalStack's place. */
export async function container(
  options: { state: string; init: string },
  print: (line: string) => void,
  printLater: (line: string) => void,
): Promise<void> {
  try {
    const settings = readSettings(process.env);
    await runContainer({ settings, ...options, print, printLater, format: formatEvent });
  } catch (error) {
    if (error instanceof SettingError || error instanceof StateFolderError) throw new CliError(error.message);
    if (isErrno(error, 'EADDRINUSE') && 'port' in error && typeof error.port === 'number')
      throw new CliError(
        `Port ${error.port} is in use by ${await portOwner(error.port)}. GATEWAY_LISTEN names another.`,
      );
    if (isErrno(error, 'EADDRNOTAVAIL', 'EACCES') && 'port' in error)
      throw new CliError(`GATEWAY_LISTEN: this machine cannot listen there (${error.message}).`);
    throw error;
  }
  process.exit(0);
}
