import { generalise } from './generalise';
import { patternOf, type UsesOfOne } from './uses';

/** A statement that allows. */
export interface Grant {
  actions: string[];
  resources: string[];
}

/**
 * The statements with which a principal could have done what it did, and no more: but for objects and log streams,
 * which are taken together where there are many. What a resource's own policy lets it do needs none.
 */
export function smallestPolicy(uses: UsesOfOne): Grant[] {
  const actionsOn = new Map<string, string[]>();
  for (const [action, resources] of Object.entries(uses)) {
    for (const pattern of needed(resources)) {
      const actions = actionsOn.get(pattern);
      if (actions) actions.push(action);
      else actionsOn.set(pattern, [action]);
    }
  }
  const statements = new Map<string, Grant>();
  for (const [resource, actions] of actionsOn) {
    const sorted = actions.sort();
    const statement = statements.get(sorted.join());
    if (statement) statement.resources.push(resource);
    else statements.set(sorted.join(), { actions: sorted, resources: [resource] });
  }
  const grants = [...statements.values()];
  for (const { resources } of grants) resources.sort();
  return grants.sort((a, b) => (a.actions.join() < b.actions.join() ? -1 : 1));
}

function needed(resources: UsesOfOne[string]): string[] {
  const own = Object.entries(resources).filter(([, use]) => use.own);
  const patterns = [...generalise(own.map(([resource, use]) => patternOf(resource, use))).keys()];
  return patterns.includes('*') ? ['*'] : patterns;
}
