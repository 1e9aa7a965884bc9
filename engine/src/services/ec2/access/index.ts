import type { Access } from '../../../kernel';
import addresses from './addresses';
import listings from './listings';
import networks from './networks';
import routing from './routing';
import security from './security';
import tags from './tags';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
const access: Access<'ec2'> = {
  ...listings,
  ...networks,
  ...routing,
  ...security,
  ...addresses,
  ...tags,
};

export default access;
