/** Requests per second, and how many more may come at once: for every route by itself, or for those that are named. */
import type { Limits } from '../parameters/parameters.ts';
import { HEALTH, routeLogicalId } from '../stack/functions.ts';
import type { Part, Properties, Stack } from '../stack/stack.ts';

const settingsOf = ({ rate, burst }: Limits): Properties => ({
  ThrottlingRateLimit: rate,
  ThrottlingBurstLimit: burst,
});

/** Anybody may ask the health route, and each answer may cost a call to the cloud. */
const HEALTH_LIMITS: Limits = { rate: 5, burst: 10 };

/**
 * @throws {Error} naming a route key that does not exist
 */
export const throttling = ({ parameters, functions }: Stack): Part => {
  const { default: others, ...named } = parameters.throttling;
  const keys = functions.flatMap(({ routeKeys }) => routeKeys);
  const open = HEALTH.filter((key) => keys.includes(key));
  const routes: Readonly<Record<string, Limits>> = {
    ...Object.fromEntries(open.map((key) => [key, HEALTH_LIMITS])),
    ...named,
  };
  const unknown = Object.keys(named).find((key) => !keys.includes(key));
  if (unknown) throw new Error(`throttling: there is no route "${unknown}"; there are ${keys.join(', ')}`);
  return {
    extensions: {
      HttpApiStage: {
        // A stage that names a route which is not there yet is refused.
        DependsOn: Object.keys(routes).map(routeLogicalId),
        Properties: {
          DefaultRouteSettings: { DetailedMetricsEnabled: false, ...settingsOf(others) },
          RouteSettings: Object.fromEntries(Object.entries(routes).map(([key, limits]) => [key, settingsOf(limits)])),
        },
      },
    },
  };
};
