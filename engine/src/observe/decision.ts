/** Where a policy hangs. */
type Layer = 'identity' | 'resource' | 'boundary' | 'session' | 'endpoint';

/** A statement of a policy. */
export interface StatementName {
  layer: Layer;
  /** The policy's ARN, an inline one's name, or the ARN of the resource it hangs on. */
  policy: string;
  /** The Sid, or the place in the policy from 0 where it has none. */
  statement: string | number;
}

/** A caller was held against the policies that count for it. */
export interface DecisionEvent {
  type: 'decision';
  at: number;
  requestId: string;
  /** The request from outside that the engine served with this one; left out where this came from outside itself. */
  within: string | undefined;
  /** As the X-Amzn-Trace-Id header brought it. */
  trace: string | undefined;
  /** The caller's ARN. */
  principal: string;
  /** Of a role's session: the role. */
  role: string | undefined;
  action: string;
  resource: string;
  /** `would-refuse`: allowed by the audit, not by the policies. */
  outcome: 'allowed' | 'refused' | 'would-refuse';
  /** The statement that decided; left out where none did. */
  by: StatementName | undefined;
  /** Where a statement that allows is missing. */
  missing: Layer | undefined;
}
