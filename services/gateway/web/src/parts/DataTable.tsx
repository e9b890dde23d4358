// A table on wide screens; on phones each row is a card with the columns' names beside the values.
import type { ReactNode } from 'react';
import classes from './DataTable.module.css';

export interface Column<Row> {
  name: ReactNode;
  /** Shown beside the value on phones; the name, when that is a text. */
  label?: string;
  cell: (row: Row) => ReactNode;
  end?: boolean;
  mono?: boolean;
  strong?: boolean;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** Few and short columns: a table on phones too. */
  small?: boolean;
}

export function DataTable<Row>({ label, columns, rows, rowKey, small }: Props<Row>) {
  return (
    <table
      role="table"
      aria-label={label}
      className={classes.table}
      data-small={small || undefined}
    >
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column, index) => (
            <th
              role="columnheader"
              scope="col"
              key={typeof column.name === 'string' ? column.name : index}
              data-end={column.end || undefined}
            >
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={rowKey(row)}>
            {columns.map((column, index) => (
              <td
                role="cell"
                key={typeof column.name === 'string' ? column.name : index}
                data-label={
                  column.label ?? (typeof column.name === 'string' ? column.name : undefined)
                }
                data-end={column.end || undefined}
                data-mono={column.mono || undefined}
                data-strong={column.strong || undefined}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
