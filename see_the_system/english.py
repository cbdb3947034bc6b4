"""Lists, numbers and names of things as a sentence has them: the one joiner, the one plural."""


def listed(things, joining="and"):
    """Things as a sentence lists them (text), each as ``str`` gives it; nothing gives "".

    >>> listed(["placement"]), listed([6, 7, 8]), listed(["yes", "no"], "or")
    ('placement', '6, 7 and 8', 'yes or no')
    """
    texts = [str(thing) for thing in things]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {joining} {texts[-1]}"


def counted(number, thing, several=None):
    """A number with its thing in the singular or the plural (text); ``several`` where an s is not
    enough. Thousands are set off.

    >>> counted(1, "school"), counted(1200, "school"), counted(0, "process", "processes")
    ('1 school', '1,200 schools', '0 processes')
    """
    return f"{number:,} {thing if number == 1 else several or f'{thing}s'}"


def are(number):
    """The verb that goes with a number of things (text).

    >>> are(1), are(0)
    ('is', 'are')
    """
    return "is" if number == 1 else "are"


def lower_first(text):
    """A text as it stands inside a sentence: its first letter small (text).

    >>> lower_first("All students")
    'all students'
    """
    return text[:1].lower() + text[1:]
