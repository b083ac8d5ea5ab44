import type { GroupView } from '../../between.ts';
import { bad, refused } from '../refusals.ts';
import { ACCEPTED, type Acting, type Action } from './action.ts';

function named({ state, server, value }: Acting): GroupView {
  const { name = '' } = (value ?? {}) as { name?: string };
  const found = state.site.between.ports.groups(server.projectId, name);
  if (found.length > 1)
    throw refused(409, `Multiple security groups found matching '${name}'. Use an ID to be more specific.`);
  const [only] = found;
  if (!only) throw refused(404, `Security group ${name} is not found for project ${server.projectId}`);
  return only;
}

/** On every port of the server. */
export const addGroup: Action['run'] = (acting) => {
  const { ports } = acting.state.site.between;
  const { id } = named(acting);
  for (const port of ports.ofServer(acting.server.id)) {
    const ids = port.groups.map((group) => group.id);
    // Neutron refuses the list, and Nova passes that on.
    if (ids.includes(id)) throw bad(`Invalid input for security_groups. Reason: Duplicate items in the list: '${id}'.`);
    ports.setGroups(port.id, [...ids, id]);
  }
  return ACCEPTED;
};

export const removeGroup: Action['run'] = (acting) => {
  const { ports } = acting.state.site.between;
  const { id, name } = named(acting);
  const having = ports.ofServer(acting.server.id).filter(({ groups }) => groups.some((group) => group.id === id));
  if (having.length === 0)
    throw refused(404, `Security group ${name} not associated with the instance ${acting.server.id}`);
  for (const port of having) {
    ports.setGroups(
      port.id,
      port.groups.flatMap((group) => (group.id === id ? [] : [group.id])),
    );
  }
  return ACCEPTED;
};
