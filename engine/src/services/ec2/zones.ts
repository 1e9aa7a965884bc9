import { AwsError, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { REGIONS, type Zone, zonesOf } from './regions';

const ZONE_FILTERS: Filters<Zone & { region: string }> = {
  'group-name': (zone) => `${zone.region}-zg-1`,
  message: () => undefined,
  'opt-in-status': () => 'opt-in-not-required',
  'parent-zone-id': () => undefined,
  'parent-zone-name': () => undefined,
  'region-name': (zone) => zone.region,
  state: () => 'available',
  'zone-id': (zone) => zone.id,
  'zone-name': (zone) => zone.name,
  'zone-type': () => 'availability-zone',
};

export const describeAvailabilityZones: Operation<'ec2', 'DescribeAvailabilityZones'> = (input, call) => {
  const zones = zonesOf(call.region).map((zone) => ({ ...zone, region: call.region }));
  for (const name of input.ZoneNames ?? []) {
    if (!zones.some((zone) => zone.name === name)) {
      throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${name}]`);
    }
  }
  for (const id of input.ZoneIds ?? []) {
    if (!zones.some((zone) => zone.id === id)) {
      throw new AwsError('InvalidParameterValue', `Invalid availability zone-id: [${id}]`);
    }
  }
  const asked = zones.filter(
    (zone) => (input.ZoneNames?.includes(zone.name) ?? true) && (input.ZoneIds?.includes(zone.id) ?? true),
  );
  const { items } = describe(call, { Filters: input.Filters }, asked, ZONE_FILTERS);
  return {
    AvailabilityZones: items.map((zone) => ({
      OptInStatus: 'opt-in-not-required' as const,
      Messages: [],
      RegionName: call.region,
      ZoneName: zone.name,
      ZoneId: zone.id,
      GroupName: `${call.region}-zg-1`,
      NetworkBorderGroup: call.region,
      ZoneType: 'availability-zone',
      GroupLongName: zone.city,
      State: 'available' as const,
    })),
  };
};

const REGION_FILTERS: Filters<{ id: string; name: string }> = {
  endpoint: (region) => `ec2.${region.name}.amazonaws.com`,
  'opt-in-status': () => 'opt-in-not-required',
  'region-name': (region) => region.name,
};

export const describeRegions: Operation<'ec2', 'DescribeRegions'> = (input, call) => {
  const known = REGIONS.map(({ name }) => ({ id: name, name }));
  for (const name of input.RegionNames ?? []) {
    if (!known.some((region) => region.name === name)) {
      throw new AwsError('InvalidParameterValue', `Invalid region provided: ${name}`);
    }
  }
  const asked = known.filter(({ name }) => input.RegionNames?.includes(name) ?? true);
  const { items } = describe(call, { Filters: input.Filters }, asked, REGION_FILTERS);
  return {
    Regions: items.map(({ name }) => ({
      OptInStatus: 'opt-in-not-required',
      RegionName: name,
      Endpoint: `ec2.${name}.amazonaws.com`,
    })),
  };
};
