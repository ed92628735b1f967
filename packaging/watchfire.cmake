# SPDX-FileCopyrightText: 2026 Watchfire contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The three functions every CMakeLists.txt of the tree is made of. They set the language,
# the warnings and the sanitizers, and record which folder may include which (tst_floors
# reads that record).

add_library(watchfire_flags INTERFACE)
target_compile_options(watchfire_flags INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Wsuggest-override
    -Werror)
if(WATCHFIRE_SANITIZE)
    target_compile_options(watchfire_flags INTERFACE
        -fsanitize=${WATCHFIRE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(watchfire_flags INTERFACE -fsanitize=${WATCHFIRE_SANITIZE})
endif()
target_include_directories(watchfire_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(watchfire_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
    WATCHFIRE_VERSION="${PROJECT_VERSION}")

option(WATCHFIRE_LENIENT "Pass over tests whose sources are not there yet" OFF)

# Tests: the QTRY_ macros of Qt Test convert in our own text.
add_library(watchfire_test_flags INTERFACE)
target_compile_options(watchfire_test_flags INTERFACE -Wno-conversion)

# watchfire_library(NAME [QT] SOURCES … [USES …] [LINKS …] [PRIVATE_LINKS …])
#   NAME   the target watchfire::NAME, made of this folder's sources
#   USES   watchfire:: targets this folder may include (floors 0 to 2 go without saying)
#   LINKS  libraries of the system that its headers need; PRIVATE_LINKS: only its sources
#   QT     runs moc
function(watchfire_library name)
    cmake_parse_arguments(arg "QT" "" "SOURCES;USES;LINKS;PRIVATE_LINKS" ${ARGN})
    if(arg_SOURCES)
        add_library(watchfire_${name} STATIC ${arg_SOURCES})
        target_link_libraries(watchfire_${name}
            PRIVATE watchfire_flags ${arg_PRIVATE_LINKS}
            PUBLIC ${arg_USES} ${arg_LINKS})
        if(arg_QT)
            set_target_properties(watchfire_${name} PROPERTIES AUTOMOC ON)
        endif()
    else()
        add_library(watchfire_${name} INTERFACE)
        target_link_libraries(watchfire_${name} INTERFACE ${arg_USES} ${arg_LINKS})
    endif()
    add_library(watchfire::${name} ALIAS watchfire_${name})
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
    list(JOIN arg_USES "," uses)
    set_property(GLOBAL APPEND PROPERTY WATCHFIRE_FLOORS "${name}|${folder}|${uses}")
endfunction()

# watchfire_test(NAME [DBUS] SOURCES … [USES …] [LINKS …] [LABELS …] [TIMEOUT s]
#                [ENVIRONMENT …] [ARGS …])
#   One Qt Test program. LABELS default to unit; gui tests run on the offscreen platform. DBUS
#   gives it a session bus of its own.
function(watchfire_test name)
    cmake_parse_arguments(arg "DBUS" "TIMEOUT" "SOURCES;USES;LINKS;LABELS;ENVIRONMENT;ARGS" ${ARGN})
    if(WATCHFIRE_LENIENT)
        foreach(source IN LISTS arg_SOURCES)
            if(NOT IS_ABSOLUTE ${source} AND NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source})
                return()
            endif()
        endforeach()
    endif()
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE
        watchfire_flags watchfire_test_flags ${arg_USES} ${arg_LINKS} Qt6::Test)
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    target_compile_definitions(${name} PRIVATE
        WATCHFIRE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" WATCHFIRE_BINARY_DIR="${CMAKE_BINARY_DIR}")
    if(arg_DBUS)
        add_test(NAME ${name} COMMAND dbus-run-session
            --config-file=${PROJECT_SOURCE_DIR}/tests/support/session-bus.conf -- $<TARGET_FILE:${name}> ${arg_ARGS})
    else()
        add_test(NAME ${name} COMMAND ${name} ${arg_ARGS})
    endif()
    # Skipped only where nothing else of the program failed, or crashed before it could say so.
    set_tests_properties(${name} PROPERTIES
        LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;${arg_ENVIRONMENT}"
        SKIP_REGULAR_EXPRESSION "SKIPPED-LOUDLY.* passed, 0 failed,")
endfunction()

# Writes the record that tst_floors checks includes against: name|folder|uses,uses
function(watchfire_write_floors)
    get_property(rows GLOBAL PROPERTY WATCHFIRE_FLOORS)
    list(JOIN rows "\n" text)
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/floors.txt CONTENT "${text}\n")
endfunction()
