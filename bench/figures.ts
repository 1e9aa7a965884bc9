/** What is measured, in the table's order. The budgets are those of the design, for two cores. */
export const FIGURES = {
  start: { what: 'engine start until healthy', unit: 'ms', budget: 300 },
  startMemory: { what: 'memory after the start', unit: 'MB', budget: 90 },
  usedMemory: { what: 'memory after the rounds below', unit: 'MB' },
  deployWall: { what: '`cdklocal deploy`, ~30 resources, with synthesis', unit: 'ms' },
  deployStack: { what: 'of that in CloudFormation', unit: 'ms', budget: 300 },
  coldFirst: { what: 'first request after the deployment', unit: 'ms', budget: 150 },
  coldUpdated: { what: 'cold start after an update of the function', unit: 'ms', budget: 150 },
  apiP50: { what: 'API → Lambda → DynamoDB, 1 client, p50', unit: 'ms', budget: 2 },
  apiP99: { what: 'the same, p99', unit: 'ms' },
  apiRate1: { what: 'the same, 1 client', unit: 'req/s' },
  apiRate16: { what: 'the same, 16 clients', unit: 'req/s', budget: 1200 },
  gatewayAdds: { what: 'API Gateway adds to the Lambda invocation, p50', unit: 'ms', budget: 1 },
  cacheRate16: { what: 'API Gateway cache hit, 16 clients', unit: 'req/s', budget: 3000 },
  limitError: { what: 'a limit under 50 clients: admitted off allowed', unit: '%', budget: 5 },
  getItemP50: { what: 'DynamoDB GetItem through the SDK, p50', unit: 'ms' },
  getItemRate16: { what: 'the same, 16 at once', unit: 'req/s' },
  decision: { what: 'IAM decision among 100 statements', unit: 'µs', budget: 15 },
  signature: { what: 'signature verification', unit: 'µs', budget: 30 },
} as const satisfies Record<string, Figure>;

interface Figure {
  what: string;
  unit: 'ms' | 'µs' | 'MB' | 'req/s' | '%';
  budget?: number;
}

export type FigureName = keyof typeof FIGURES;

/** Samples by figure; of one engine. */
export class Samples {
  readonly values = new Map<FigureName, number[]>();
  /** Why there is no figure. */
  readonly missing = new Map<FigureName, string>();

  add(name: FigureName, ...values: number[]): void {
    this.values.set(name, [...(this.values.get(name) ?? []), ...values]);
  }

  /** Runs a step; if it fails, the figures it would have given say so. */
  async attempt<T>(names: readonly FigureName[], step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      const why = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
      for (const name of names) this.missing.set(name, why);
      return undefined;
    }
  }
}
