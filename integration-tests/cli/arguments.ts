import { EXIT, TargetError } from '../targets';

export interface TestArguments {
  target: string;
  yes: string | undefined;
  /** Handed on to jest. */
  jest: string[];
}

/** `[--target NAME] [--yes ACCOUNT] [jest's own arguments]`; the environment says what arguments do not. */
export function testArguments(args: string[], env: NodeJS.ProcessEnv): TestArguments {
  const left = [...args];
  const take = (name: string): string | undefined => {
    const at = left.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
    if (at < 0) return undefined;
    const [arg = ''] = left.splice(at, 1);
    const value = arg === name ? left.splice(at, 1)[0] : arg.slice(name.length + 1);
    if (!value || value.startsWith('-')) throw new TargetError(`${name} needs a value`, EXIT.usage);
    return value;
  };
  const target = take('--target') ?? (env.TIERKIT_TARGET || 'embedded');
  const yes = take('--yes') ?? (env.TIERKIT_AWS_YES || undefined);
  return { target, yes, jest: left };
}
