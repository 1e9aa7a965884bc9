/** A setting that the infrastructure gives every function; its absence is a mistake of ours, said by name. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set`);
  return value;
}
