// Whether the signed-in person has a right; the services check it again.
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '@/api/queries';
import type { Permission } from '@/api/types';

export function useMay(permission: Permission): boolean {
  const { data: me } = useQuery({ ...meQuery, enabled: false });
  return me?.permissions.includes(permission) ?? false;
}
