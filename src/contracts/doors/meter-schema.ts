import * as v from 'valibot';
import { countSchema as count } from '../bounded.ts';
import { type MachineReport, METER_ALERTS } from '../meter.ts';

export const alertsSchema = v.array(v.picklist(METER_ALERTS));

export const machineReportSchema: v.GenericSchema<unknown, MachineReport> = v.strictObject({
  samples: v.array(
    v.strictObject({
      atMs: count,
      memoryBytes: count,
      memoryMostBytes: count,
      cpuShare: count,
      load: count,
      storageBytes: count,
      storageMostBytes: count,
      sentBytes: count,
      receivedBytes: count,
      requests: count,
    }),
  ),
  alerts: alertsSchema,
  isResting: v.boolean(),
});
