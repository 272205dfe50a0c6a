/** The doctor's report as text. Pure. */
import type { TaskOutput } from '../../../preload/contract/tasks.js';
import { bytes, decimal, printable } from './format.js';
import { table, type Column } from './text.js';

type Report = TaskOutput<'doctor'>;

function row(backend: Report['backends'][number]): string[] {
  if (!backend.usable) return [backend.backend, 'no', '', '', ''];
  const { matmulGflops, eagerMicroseconds, compiledMicroseconds } = backend.figures;
  const usable = backend.automatic ? 'yes' : 'by name only';
  return [
    backend.backend,
    usable,
    decimal(matmulGflops, 0),
    decimal(eagerMicroseconds, 1),
    decimal(compiledMicroseconds, 1),
  ];
}

export function doctorText(report: Report): string[] {
  const { machine, node, disks, backends, chosen, advice } = report;
  const columns: Column[] = [
    { title: 'backend', align: 'left' },
    { title: 'usable', align: 'left' },
    { title: 'matmul GFLOP/s', align: 'right' },
    { title: 'µs per op', align: 'right' },
    { title: 'µs compiled', align: 'right' },
  ];
  const described = backends.map((backend) =>
    backend.usable
      ? `${backend.backend}: ${printable(backend.figures.description)}`
      : `${backend.backend}: ${printable(backend.reason)}${backend.remedy ? ` ${printable(backend.remedy)}` : ''}`,
  );
  return [
    `${printable(machine.processor)}, ${machine.cores} cores, ${machine.system}, Node.js ${node}`,
    `memory ${bytes(machine.memoryBytes)}, free ${bytes(machine.freeMemoryBytes)}`,
    ...disks.map((disk) => `${disk.holds}: ${bytes(disk.freeBytes)} free in ${printable(disk.path)}`),
    '',
    ...table(columns, backends.map(row)),
    '',
    ...described,
    '',
    chosen === null ? 'No backend can compute here.' : `--backend auto takes ${chosen}.`,
    ...advice.map((line) => `→ ${printable(line)}`),
  ];
}
