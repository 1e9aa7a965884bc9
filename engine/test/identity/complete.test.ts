import { services } from '../../src/services/registry';

/** What is not in a service's table needs no permission at all, so that nothing may be forgotten there. */
test.each(Object.keys(services) as (keyof typeof services)[])('%s', async (name) => {
  const { default: service } = await services[name]();
  const access = await service.access?.();
  if (!access) return;
  expect(Object.keys(access).sort()).toEqual(Object.keys(service.operations).sort());
});
