import { isAwsError } from '../../../kernel';
import { parseDefinition } from './document';
import { isTree, text, tree } from './tree';

/** The roles that a definition hands over to API Gateway, each once. A broken definition names none. */
export function rolesOf(body: Uint8Array | undefined): string[] {
  const roles = new Set<string>();
  try {
    for (const pathItem of Object.values(tree(parseDefinition(body).root.paths))) {
      for (const operation of Object.values(tree(pathItem))) {
        const integration = isTree(operation) ? tree(operation['x-amazon-apigateway-integration']) : {};
        const role = text(integration.credentials);
        if (role) roles.add(role);
      }
    }
  } catch (error) {
    if (!isAwsError(error)) throw error;
  }
  return [...roles];
}
