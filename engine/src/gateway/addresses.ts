/** Where this engine answers. */
export interface Addresses {
  /** The port all of AWS answers on, HTTP and TLS alike. */
  readonly port: number;
  /** `http://127.0.0.1:<port>`: reachable without DNS. */
  readonly endpoint: string;
  /**
   * Where whoever asked under `host` (the Host header) reaches this engine: from outside a container that is another
   * name and port than from inside.
   */
  endpointFor(host: string | undefined): string;
  /** The folder that holds the engine's state (mode 0700). */
  readonly stateDirectory: string;
  /** PEM file of the local certificate authority that signs the engine's TLS certificates. */
  readonly caFile: string;
  /** Resolves once `caFile` is there: it is made when first needed. */
  caReady(): Promise<void>;
  /** A TLS identity for `name`, signed by the local authority. */
  certificateFor(name: string): Promise<{ key: string; cert: string }>;
}
