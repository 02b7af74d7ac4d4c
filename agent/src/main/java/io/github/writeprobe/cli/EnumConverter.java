package io.github.writeprobe.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Converts the label of an enum constant, ignoring case. picocli's own converter would list the
/// names of the constants, which differ from the labels in the help.
///
/// @param type an enum whose `toString` returns the label
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
