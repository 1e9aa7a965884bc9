import type { Collection, Store } from '../../storage';

/** What was said when a session began, by its access key id: what policies are evaluated against later. */
export interface Session {
  role: string;
  expires: Date;
  tags: { Key: string; Value: string }[];
  /** Keys of the tags that the next role in a chain inherits. */
  transitive: string[];
  policy?: string;
  policyArns?: string[];
  sourceIdentity?: string;
}

export function sessionsOf(store: Store): Collection<Session> {
  return store.collection<Session>('sessions');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining */
export function transitiveTags(sessions: Collection<Session>, accessKeyId: string | undefined) {
  const session = accessKeyId === undefined ? undefined : sessions.get(accessKeyId);
  if (!session) return [];
  const keys = new Set(session.transitive.map((key) => key.toLowerCase()));
  return session.tags.filter((tag) => keys.has(tag.Key.toLowerCase()));
}
