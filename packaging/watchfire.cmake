# SPDX-FileCopyrightText: 2026 Watchfire contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The three functions every CMakeLists.txt of the tree is made of. They set the language,
# the warnings and the sanitizers, and record which folder may include which (tst_floors
# reads that record).

add_library(watchfire_flags INTERFACE)
target_compile_options(watchfire_flags INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor -Wsuggest-override
    -Werror -pthread
    # Vector code must give the bits that scalar code gives: no fused multiply-add. That errno and
    # traps are not looked at changes no result and lets loops with divisions become vector code.
    -ffp-contract=off -fno-math-errno -fno-trapping-math)
if(WATCHFIRE_SANITIZE)
    target_compile_options(watchfire_flags INTERFACE
        -fsanitize=${WATCHFIRE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(watchfire_flags INTERFACE -fsanitize=${WATCHFIRE_SANITIZE})
endif()
target_include_directories(watchfire_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(watchfire_flags INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
    WATCHFIRE_VERSION="${PROJECT_VERSION}")

# What nearly every source includes, compiled once for libraries and once for programs: from
# nothing a build takes two thirds of the time (13 minutes instead of 20 on two cores). Off,
# because a compiler cache finds nothing again that was compiled with it. No source relies on it.
set(CMAKE_PCH_WARN_INVALID OFF) # a source compiled otherwise reads the headers as they are
option(WATCHFIRE_PCH "Precompile the headers that nearly every source includes" OFF)
function(watchfire_precompile kind)
    set(source ${CMAKE_BINARY_DIR}/pch_${kind}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "")
    if(kind STREQUAL "library")
        add_library(watchfire_pch_library STATIC ${source})
    else()
        add_executable(watchfire_pch_program ${source})
        file(CONFIGURE OUTPUT ${source} CONTENT "int main() {}\n")
    endif()
    target_link_libraries(watchfire_pch_${kind} PRIVATE watchfire_flags)
    target_precompile_headers(watchfire_pch_${kind} PRIVATE
        <algorithm> <atomic> <charconv> <chrono> <condition_variable> <deque> <expected>
        <filesystem> <format> <functional> <map> <memory> <mutex> <optional> <random> <ranges>
        <set> <span> <string> <thread> <unordered_map> <unordered_set> <variant> <vector>)
endfunction()
if(WATCHFIRE_PCH)
    watchfire_precompile(library)
    watchfire_precompile(program)
endif()
function(watchfire_use_precompiled target kind)
    if(WATCHFIRE_PCH)
        target_precompile_headers(${target} REUSE_FROM watchfire_pch_${kind})
    endif()
endfunction()

option(WATCHFIRE_LENIENT "Pass over tests whose sources are not there yet" OFF)

# Tests: the QTRY_ macros of Qt Test convert in our own text.
add_library(watchfire_test_flags INTERFACE)
target_include_directories(watchfire_test_flags INTERFACE ${CMAKE_BINARY_DIR}/test_places)
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
        watchfire_use_precompiled(watchfire_${name} library)
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

# Where a checkout stands is in one header for the few tests that ask, not in the command line of
# every one: the compiler cache knows the objects of another checkout then.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/test_places/test_places.h CONTENT
"#pragma once
#define WATCHFIRE_SOURCE_DIR \"${PROJECT_SOURCE_DIR}\"
#define WATCHFIRE_BINARY_DIR \"${CMAKE_BINARY_DIR}\"
")
get_target_property(definitions Qt6::Test INTERFACE_COMPILE_DEFINITIONS)
list(FILTER definitions EXCLUDE REGEX QT_TESTCASE_)
set_target_properties(Qt6::Test PROPERTIES INTERFACE_COMPILE_DEFINITIONS "${definitions}")

# The meta-objects of a test's own sources. What AUTOMOC would look for in each of two hundred
# programs takes most of a build in which the compiler cache has everything else.
function(watchfire_test_moc name)
    foreach(source IN LISTS ARGN)
        get_filename_component(source ${source} ABSOLUTE)
        get_filename_component(stem ${source} NAME_WE)
        if(source MATCHES "\\.h$")
            set(made ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc_${stem}.cpp)
        else()
            file(STRINGS ${source} includes REGEX "^#include \"${stem}\\.moc\"")
            if(NOT includes)
                continue()
            endif()
            set(made ${CMAKE_CURRENT_BINARY_DIR}/${stem}.moc)
            target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
        endif()
        add_custom_command(OUTPUT ${made} COMMAND Qt6::moc -o ${made} ${source} DEPENDS ${source}
            VERBATIM)
        target_sources(${name} PRIVATE ${made})
    endforeach()
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
    watchfire_use_precompiled(${name} program)
    watchfire_test_moc(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE
        watchfire_flags watchfire_test_flags ${arg_USES} ${arg_LINKS} Qt6::Test)
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(arg_DBUS)
        add_test(NAME ${name} COMMAND dbus-run-session
            --config-file=${PROJECT_SOURCE_DIR}/tests/support/session-bus.conf -- $<TARGET_FILE:${name}> ${arg_ARGS})
    else()
        add_test(NAME ${name} COMMAND ${name} ${arg_ARGS})
    endif()
    # Skipped only where nothing else of the program failed, or crashed before it could say so.
    # Those that may take long start first, so that none runs alone at the end.
    set_tests_properties(${name} PROPERTIES
        LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} COST ${arg_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;${arg_ENVIRONMENT}"
        SKIP_REGULAR_EXPRESSION "SKIPPED-LOUDLY.* passed, 0 failed,")
endfunction()

# Writes the record that tst_floors checks includes against: name|folder|uses,uses
function(watchfire_write_floors)
    get_property(rows GLOBAL PROPERTY WATCHFIRE_FLOORS)
    list(JOIN rows "\n" text)
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/floors.txt CONTENT "${text}\n")
endfunction()
