export interface Visitor {
  name: string;
  email: string;
}

const KEY = 'theatre.visitor';

/** Who buys on this device, so that they need not type it again. */
export function recallVisitor(): Visitor {
  try {
    const { name = '', email = '' } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Visitor>;
    return { name: String(name), email: String(email) };
  } catch {
    return { name: '', email: '' };
  }
}

export function rememberVisitor(visitor: Visitor): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(visitor));
  } catch {
    // Private windows may refuse to store: then it is typed again.
  }
}
