/**
 * A segment as X-Ray takes it, or a part of one; times are seconds since 1970, with fractions.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export interface SegmentDocument {
  id: string;
  name: string;
  start_time: number;
  trace_id?: string;
  end_time?: number;
  in_progress?: boolean;
  parent_id?: string;
  /** Of one that is sent apart from what it is a part of. */
  type?: 'subsegment';
  /** Made up by X-Ray for what was called and told nothing itself. */
  inferred?: boolean;
  fault?: boolean;
  error?: boolean;
  throttle?: boolean;
  cause?: SegmentCause | string;
  user?: string;
  http?: SegmentHttp;
  aws?: Record<string, unknown>;
  annotations?: Record<string, string | number | boolean>;
  metadata?: Record<string, unknown>;
  namespace?: string;
  origin?: string;
  resource_arn?: string;
  subsegments?: SegmentDocument[];
}

export interface SegmentHttp {
  request?: {
    url?: string;
    method?: string;
    user_agent?: string;
    client_ip?: string;
    x_forwarded_for?: boolean;
    /** Of a call: whoever was called sends a segment of its own. */
    traced?: boolean;
  };
  response?: { status?: number; content_length?: number };
}

export interface SegmentCause {
  exceptions?: { id: string; message?: string; type?: string }[];
}

/** What a status says of who is to blame. */
export function flagsOf(status: number): Pick<SegmentDocument, 'error' | 'fault' | 'throttle'> {
  if (status >= 500) return { fault: true };
  if (status === 429) return { error: true, throttle: true };
  return status >= 400 ? { error: true } : {};
}

/** As documents have a time. */
export const seconds = (millis: number): number => millis / 1000;
