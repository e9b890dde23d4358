// A small picture of goods, or the sign for one; what cannot be loaded is as if there was none.
import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './Picture.module.css';

export function Picture({ address }: { address?: string | null }) {
  const [broken, setBroken] = useState('');
  if (!address || broken === address)
    return (
      <span className={classes.picture}>
        <IconPhoto size={20} aria-hidden />
      </span>
    );
  return (
    <img
      className={classes.picture}
      src={address}
      alt=""
      loading="lazy"
      referrerPolicy="no-referrer"
      onError={() => setBroken(address)}
    />
  );
}
