import { resourcePolicy, rotationSchedule } from './policy-and-rotation';
import { secret } from './secret';
import { targetAttachment } from './target-attachment';

export default [resourcePolicy, rotationSchedule, secret, targetAttachment];
