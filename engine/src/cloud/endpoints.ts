/** Under which names somebody inside asks: loopback with the engine's own port, and the names of AWS. */
const AWS_NAME = /\.(?:amazonaws\.com|api\.aws|on\.aws|cloudfront\.net)$/;
const HOST_HEADER = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

/**
 * Where whoever asks reaches the engine again. From outside a container that is the name and port in its Host header,
 * which only the asker knows; from inside it is what was told (LocalStack's LOCALSTACK_HOST), else loopback.
 */
export function endpoints(
  port: number,
  publicHost: { host: string; port?: number } | undefined,
): (host: string | undefined) => string {
  const inside = publicHost
    ? `http://${publicHost.host}:${publicHost.port ?? port}`
    : `http://127.0.0.1:${port}`;
  const own = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  return (host) => {
    if (host === undefined || !HOST_HEADER.test(host) || own.has(host)) return inside;
    const name = host.replace(/:\d+$/, '');
    return AWS_NAME.test(name) ? inside : `http://${host}`;
  };
}
