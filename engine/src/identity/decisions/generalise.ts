/** Keys of a bucket that are named one by one: more are a folder. */
const FEW = 3;

const OBJECT = /^arn:aws[a-z-]*:s3:::[^/]+\//;
const STREAM = /^(arn:aws[a-z-]*:logs:.*?:log-stream:)/;

/**
 * A resource as a policy names that one alone. Only objects have names with signs that mean something to policies:
 * elsewhere a `*` is one, for what is not there yet. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export function literally(resource: string): string {
  if (!OBJECT.test(resource) || !/[*?]|\$\{/.test(resource)) return resource;
  return resource.replace(/[*?]|\$(?=\{)/g, (char) => `\${${char}}`);
}

/**
 * Takes together what no policy would name one by one: many objects of one folder, streams of a log, whose names are
 * made as they come. Everything else stays by itself.
 * @param patterns as policies name resources
 * @returns for each pattern that remains, those it stands for
 */
export function generalise(patterns: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const buckets = new Map<string, string[]>();
  for (const pattern of patterns) {
    const bucket = OBJECT.exec(pattern)?.[0];
    if (bucket) add(buckets, bucket, pattern);
    else add(found, STREAM.exec(pattern)?.[1]?.concat('*') ?? pattern, pattern);
  }
  for (const objects of buckets.values()) {
    for (const [pattern, members] of folders(objects)) found.set(pattern, members);
  }
  return found;
}

function folders(objects: readonly string[]): Map<string, string[]> {
  const byFolder = new Map<string, string[]>();
  for (const object of objects) add(byFolder, folderOf(object), object);
  const found = new Map<string, string[]>();
  for (const [folder, members] of byFolder) {
    if (members.length > FEW || members.includes(`${folder}*`)) found.set(`${folder}*`, members);
    else for (const member of members) found.set(member, [member]);
  }
  if (found.size <= FEW) return found;
  const whole = [...found.keys()].reduce(commonStart);
  return new Map([[`${folderOf(whole)}*`, [...objects]]]);
}

const folderOf = (object: string): string => object.slice(0, object.lastIndexOf('/') + 1);

function commonStart(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end++;
  return a.slice(0, end);
}

/** The same, as few as a memory has room for, however different they are. */
export function squeeze(patterns: readonly string[], room: number): Map<string, string[]> {
  const general = generalise(patterns);
  if (general.size <= room) return general;
  const byPlace = new Map<string, string[]>();
  for (const pattern of patterns) {
    const place = pattern === '*' ? '' : `${pattern.split(':', 5).join(':')}:`;
    add(byPlace, `${place}*`, pattern);
  }
  return byPlace.size <= room ? byPlace : new Map([['*', [...patterns]]]);
}

function add(groups: Map<string, string[]>, name: string, member: string): void {
  const members = groups.get(name);
  if (members) members.push(member);
  else groups.set(name, [member]);
}
