package io.github.writeprobe.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// One of the words of an enum, in capitals or not. picocli's own converter would list the names of
/// the constants, which are not the words that the help says.
///
/// @param type its `toString` is the word
record EnumConverter<E extends Enum<E>>(Class<E> type) implements ITypeConverter<E> {
    @Override
    public E convert(String text) {
        E[] all = type.getEnumConstants();
        return Arrays.stream(all)
                .filter(e -> e.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() ->
                        new TypeConversionException(
                                "expected one of "
                                        + Arrays.stream(all)
                                                .map(Enum::toString)
                                                .collect(Collectors.joining(", "))
                                        + ", but was '"
                                        + text
                                        + "'"));
    }
}
