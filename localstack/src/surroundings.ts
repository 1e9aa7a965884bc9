/** Where something answers. */
export interface Address {
  host: string;
  port: number;
}

/** The containers that the app is deployed to, whoever started them (compose, Testcontainers). */
export interface Surroundings {
  /** LocalStack as this process reaches it, e.g. `http://127.0.0.1:4566`. */
  endpoint: string;
  postgres: {
    /** As functions reach it, inside the containers' network. The certificate must be for this name. */
    inside: Address;
    /** As this process reaches it. */
    outside: Address;
    /** The superuser, who makes the login and the database that RDS would have made. */
    user: string;
    password: string;
  };
  cache: { inside: Address };
  /** A folder of this deployment's own: the reduced assembly is written there. */
  home: string;
}

/** Tells of a step while it runs; what `outcome` gives is shown behind the title. */
export interface Teller {
  step<T>(title: string, work: () => Promise<T>, outcome?: (result: T) => string | undefined): Promise<T>;
  /** Says a line about the step before. */
  note?(text: string): void;
}

export const silent: Teller = { step: (_title, work) => work() };

/** What an SDK client needs to reach LocalStack. An address instead of a name makes S3 clients use path style. */
export function clientConfig(endpoint: string) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  };
}
