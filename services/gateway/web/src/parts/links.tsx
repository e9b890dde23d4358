// Mantine's looks on the router's links.
import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type AnchorHTMLAttributes, forwardRef } from 'react';

type Native<Props> = Props & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props>;

export const LinkButton = createLink(
  forwardRef<HTMLAnchorElement, Native<ButtonProps>>((props, ref) => (
    <Button component="a" ref={ref} {...props} />
  )),
);

export const LinkAnchor = createLink(
  forwardRef<HTMLAnchorElement, Native<AnchorProps>>((props, ref) => (
    <Anchor ref={ref} {...props} />
  )),
);

export const LinkIcon = createLink(
  forwardRef<HTMLAnchorElement, Native<ActionIconProps>>((props, ref) => (
    <ActionIcon component="a" ref={ref} {...props} />
  )),
);
