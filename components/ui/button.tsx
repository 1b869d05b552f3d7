import { buttonStyle, type ButtonLook } from './button-style'

type ButtonProps = ButtonLook & Omit<React.ComponentProps<'button'>, 'className'>

/** A button. Never disabled for invalid input: submit and say what is wrong. */
export function Button({ variant, size, isWide, type = 'button', ...rest }: ButtonProps) {
  const look = { ...(variant && { variant }), ...(size && { size }), ...(isWide && { isWide }) }
  return <button type={type} className={buttonStyle(look)} {...rest} />
}
